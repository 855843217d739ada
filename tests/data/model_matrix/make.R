# Writes expected.json: R's model.matrix and lme4's random-effects terms for the formulas beside it.
# Rscript make.R  (R 4.2.2, lme4 1.1-31, splines, jsonlite)
suppressMessages({library(lme4); library(splines); library(jsonlite)})
center <- function(x) x - mean(x, na.rm = TRUE)
d <- read.csv("table.csv", stringsAsFactors = TRUE)
control <- lmerControl(check.nobs.vs.nlev = "ignore", check.nobs.vs.nRE = "ignore")
fixed <- lapply(readLines("fixed.txt"), function(f) {
  m <- model.matrix(as.formula(paste("y ~", f)), d)
  list(formula = f, names = I(colnames(m)), assign = I(attr(m, "assign")), columns = unname(t(m)))
})
random <- lapply(readLines("random.txt"), function(f) {
  r <- lFormula(as.formula(paste("y ~ 1 +", f)), d, control = control)$reTrms
  list(formula = f, terms = lapply(seq_along(r$cnms), function(i) {
    k <- which(names(r$Ztlist) == names(r$Ztlist)[i])
    list(effects = I(r$cnms[[i]]), grouping = names(r$cnms)[i],
      levels = I(levels(r$flist[[names(r$cnms)[i]]])), z = unname(as.matrix(r$Ztlist[[i]])))
  }))
})
writeLines(toJSON(list(fixed = fixed, random = random), digits = I(15), auto_unbox = TRUE), "expected.json")
