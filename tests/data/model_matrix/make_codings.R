# Writes codings.json: R's model.matrix and lme4's random-effects terms under contrasts chosen for the factors.
# Rscript make_codings.R  (R 4.2.2, lme4 1.1-31, jsonlite)
suppressMessages({library(lme4); library(jsonlite)})
control <- lmerControl(check.nobs.vs.nlev = "ignore", check.nobs.vs.nRE = "ignore")
coding <- function(column, contrast, reference = NULL) list(column = column, contrast = contrast, reference = reference)
matrix_of <- function(levels, c) {
  n <- length(levels)
  base <- if (is.null(c$reference)) NULL else match(c$reference, levels)
  switch(c$contrast,
    treatment = contr.treatment(levels, base = if (is.null(base)) 1 else base),
    sum = { m <- contr.sum(n); if (!is.null(base)) m <- m[order(c(setdiff(1:n, base), base)), , drop = FALSE]; m },
    helmert = contr.helmert(n), polynomial = contr.poly(n))
}
read <- function() read.csv("table.csv", stringsAsFactors = TRUE)
coded <- function(cs) {
  d <- read()
  for (c in cs) if (is.factor(d[[c$column]])) contrasts(d[[c$column]]) <- matrix_of(levels(d[[c$column]]), c)
  d
}
arguments <- function(f, cs, d) {
  out <- list()
  for (c in cs) if (grepl(paste0("factor(", c$column), f, fixed = TRUE))
    out[[paste0("factor(", c$column, ")")]] <- matrix_of(levels(factor(d[[c$column]])), c)
  if (length(out)) out else NULL
}
choices <- list(
  list(coding("a", "sum")), list(coding("a", "helmert")), list(coding("a", "polynomial")),
  list(coding("a", "treatment", "B")), list(coding("a", "sum", "A")), list(coding("a", "sum", "B")),
  list(coding("a", "helmert"), coding("b", "sum")), list(coding("a", "treatment", "C"), coding("b", "polynomial")),
  list(coding("a", "polynomial"), coding("b", "treatment", "v")), list(coding("b", "helmert")))
fixed <- c("a", "a * b", "0 + a", "0 + a + b", "0 + b + a", "a:b", "x * a", "a + a:b", "b + a:b", "a * b * x",
  "x:a + b", "poly(z, 2):a + a", "I(a) + b", "factor(a) * b")
random <- c("(a | g)", "(0 + a | g)", "(a || g)", "(a * b | g)", "(0 + x:a | g)", "(a + x:a | g)", "(x + b | g)",
  "(b | a)", "(0 + b + x:b | g)")
counted <- list(list(coding("count", "polynomial")), list(coding("count", "sum", "3")), list(coding("count", "helmert")),
  list(coding("count", "treatment", "9")))
one <- function(f, cs) {
  d <- coded(cs)
  m <- model.matrix(as.formula(paste("y ~", f)), d, contrasts.arg = arguments(f, cs, d))
  list(codings = cs, formula = f, names = I(colnames(m)), assign = I(attr(m, "assign")), columns = unname(t(m)))
}
one_random <- function(f, cs) {
  r <- lFormula(as.formula(paste("y ~ 1 +", f)), coded(cs), control = control)$reTrms
  list(codings = cs, formula = f, terms = lapply(seq_along(r$cnms), function(i) {
    list(effects = I(r$cnms[[i]]), grouping = names(r$cnms)[i],
      levels = I(levels(r$flist[[names(r$cnms)[i]]])), z = unname(as.matrix(r$Ztlist[[i]])))
  }))
}
cases <- c(unlist(lapply(choices, function(cs) lapply(fixed, one, cs)), recursive = FALSE),
  lapply(counted, function(cs) one("factor(count)", cs)), lapply(counted, function(cs) one("x + factor(count):b", cs)))
groups <- unlist(lapply(choices[c(1:5, 8)], function(cs) lapply(random, one_random, cs)), recursive = FALSE)
writeLines(toJSON(list(fixed = cases, random = groups), digits = I(15), auto_unbox = TRUE, null = "null"), "codings.json")
