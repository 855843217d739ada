# What lme4 (the best of its optimisers), lmerTest and pbkrtest say of the models in a list.
# Rscript accuracy_lme4.R JOBS.json OUT-DIRECTORY; a job: id, table (CSV), formula, reml, weights, offset.
suppressMessages({library(lme4); library(lmerTest); library(jsonlite)})
a <- commandArgs(TRUE)
jobs <- fromJSON(a[1], simplifyVector = FALSE)
quiet <- function(x) suppressWarnings(suppressMessages(x))
criterion <- function(m) as.numeric(-2 * logLik(m))
controls <- list(
  default = lmerControl(check.nobs.vs.nlev = "ignore", check.nobs.vs.nRE = "ignore", check.nobs.vs.rankZ = "ignore"),
  bobyqa = lmerControl(optimizer = "bobyqa", optCtrl = list(rhoend = 1e-9, maxfun = 1e5),
    check.nobs.vs.nlev = "ignore", check.nobs.vs.nRE = "ignore", check.nobs.vs.rankZ = "ignore"),
  nelder_mead = lmerControl(optimizer = "Nelder_Mead", optCtrl = list(maxfun = 1e5),
    check.nobs.vs.nlev = "ignore", check.nobs.vs.nRE = "ignore", check.nobs.vs.rankZ = "ignore"))
named <- function(x, col) if (!is.null(x) && col %in% names(x)) setNames(as.list(x[[col]]), rownames(x))

one <- function(job) {
  d <- read.csv(job$table, stringsAsFactors = TRUE, na.strings = c("NA", ""))
  d$w_ <- if (is.null(job$weights)) rep(1, nrow(d)) else d[[job$weights]]
  d$o_ <- if (is.null(job$offset)) rep(0, nrow(d)) else d[[job$offset]]
  f <- as.formula(job$formula)
  fit <- function(how) tryCatch(
    quiet(lme4::lmer(f, d, REML = job$reml, weights = w_, offset = o_, control = controls[[how]])),
    error = function(e) NULL)
  fits <- Filter(Negate(is.null), lapply(setNames(nm = names(controls)), fit))
  if (!length(fits)) return(list(id = job$id, error = "lmer fails"))
  found <- sapply(fits, criterion)
  m <- fits[[which.min(found)]]
  vc <- as.data.frame(VarCorr(m))
  re <- ranef(m, condVar = TRUE)
  modes <- lapply(re, function(x) {
    v <- attr(x, "postVar")
    if (is.list(v)) v <- NULL
    list(effects = names(x), levels = rownames(x), modes = unname(as.matrix(x)),
         sd = if (is.array(v)) unname(t(apply(v, 3, function(s) sqrt(pmax(diag(as.matrix(s)), 0))))))
  })
  tests <- function(ddf) tryCatch({
    x <- quiet(lmerTest::lmer(f, d, REML = job$reml, control = controls[[names(fits)[which.min(found)]]]))
    as.data.frame(quiet(coef(summary(x, ddf = ddf))))
  }, error = function(e) NULL)
  plain <- is.null(job$weights) && is.null(job$offset)
  st <- if (plain) tests("Satterthwaite")
  kr <- if (plain && job$reml && nrow(d) < 500) tests("Kenward-Roger")
  list(id = job$id, objectives = as.list(found), objective = min(found), sigma = sigma(m),
    theta = I(unname(getME(m, "theta"))), theta_names = I(names(getME(m, "theta"))),
    singular = isSingular(m), fixef = as.list(fixef(m)), se = as.list(sqrt(diag(as.matrix(vcov(m))))),
    varcorr = vc[, c("grp", "var1", "var2", "vcov", "sdcor")], modes = modes,
    satterthwaite = named(st, "df"), kenward_roger = named(kr, "df"))
}
for (job in jobs) {
  out <- file.path(a[2], paste0(job$id, ".json"))
  if (!file.exists(out)) {
    text <- toJSON(one(job), digits = NA, auto_unbox = TRUE, null = "null", na = "null", matrix = "rowmajor")
    writeLines(text, out)
  }
}
