# Makes the reference values that the tests of Registry.Domain/Statistics are compared with.
# Usage, with R and its recommended package survival:  Rscript reference.R [directory to write to, default .]
# The result depends on nothing but this script, R and survival: the seed is fixed.

suppressPackageStartupMessages(library(survival))
directory <- c(commandArgs(trailingOnly = TRUE), ".")[1]
set.seed(20240229, kind = "Mersenne-Twister", normal.kind = "Inversion", sample.kind = "Rejection")

text <- function(column) {
  if (!is.numeric(column)) return(column)
  ifelse(is.finite(column), trimws(sprintf("%.15g", column)), "") # what R cannot give is an empty field
}

write_reference <- function(name, expression, rows) {
  path <- file.path(directory, paste0(name, ".csv"))
  writeLines(c(
    paste0("# ", R.version.string, "; survival ", packageVersion("survival"), "; made by reference.R"),
    paste0("# ", expression),
    paste(names(rows), collapse = ","),
    do.call(paste, c(lapply(rows, text), sep = ","))), path)
}

each <- function(count, make) do.call(rbind, lapply(seq_len(count), make))

# Noncentral t. R sums a series to 1e-12; it changes to an approximation above 37.62 and above 4e5 degrees of freedom.
dfs <- c(1, 1.5, 2, 2.7, 3, 5, 9, 10, 30, 99, 100, 365.25, 1000, 12345, 100000)
noncentral <- each(900, function(i) {
  df <- dfs[(i - 1) %% length(dfs) + 1]
  ncp <- if (i %% 10 == 0) 0 else signif(runif(1, -37.6, 37.6) * if (i %% 3 == 0) 0.1 else 1, 6)
  t <- if (i %% 7 == 0) c(-2.228, 0, 0.001, 1.96, 12.7, 100)[sample.int(6, 1)]
       else signif((ncp + rnorm(1, sd = 2)) / sqrt(rchisq(1, df) / df), 6)
  data.frame(t = t, df = df, ncp = ncp, p = pt(t, df, ncp))
})
write_reference("noncentral-t", "pt(t, df, ncp)", noncentral)

# Two-sided quantiles of Student's t.
quantiles <- expand.grid(alpha = c(0.5, 0.1, 0.05, 0.01, 0.001, 0.000001), df = c(dfs, 50.5, 1e6, 999999, 1e9, 1e12))
quantiles$quantile <- qt(quantiles$alpha / 2, quantiles$df, lower.tail = FALSE)
write_reference("student-t-quantile", "qt(alpha / 2, df, lower.tail = FALSE)", quantiles)

# Power of the paired t test, both tails.
power_of <- function(n, dz, alpha)
  power.t.test(n = n, delta = dz, sd = 1, sig.level = alpha, type = "paired", alternative = "two.sided", strict = TRUE)$power
power <- each(300, function(i) {
  n <- c(2:12, round(exp(runif(1, log(13), log(50000)))))[sample.int(12, 1)]
  dz <- signif(rnorm(1, sd = 2) / sqrt(n) + runif(1, -1, 1) * min(3, 30 / sqrt(n)), 6)
  alpha <- c(0.05, 0.05, 0.01, 0.1)[sample.int(4, 1)]
  data.frame(n = n, dz = dz, alpha = alpha, power = power_of(n, abs(dz), alpha))
})
write_reference("paired-t-power",
  'power.t.test(n, delta = abs(dz), sd = 1, sig.level = alpha, type = "paired", strict = TRUE)$power', power)

sizes <- each(120, function(i) {
  dz <- signif(exp(runif(1, log(0.05), log(3))), 4)
  alpha <- c(0.05, 0.01, 0.1)[sample.int(3, 1)]
  wanted <- round(runif(1, 0.3, 0.99), 2)
  n <- 2
  while (power_of(n, dz, alpha) < wanted) n <- n + 1
  data.frame(dz = dz, power = wanted, alpha = alpha, n = n)
})
write_reference("paired-t-sample-size",
  'smallest n >= 2 with power.t.test(n, delta = dz, sd = 1, sig.level = alpha, type = "paired", strict = TRUE)$power >= power', sizes)

# Wilson score interval.
wilson_of <- function(x, n) suppressWarnings(prop.test(x, n, correct = FALSE)$conf.int)
wilson <- each(300, function(i) {
  n <- if (i <= 40) i else round(exp(runif(1, 0, log(1e6))))
  x <- if (i %% 10 == 0) 0 else if (i %% 10 == 1) n else sample.int(n + 1, 1) - 1
  data.frame(numerator = x, denominator = n, low = wilson_of(x, n)[1], high = wilson_of(x, n)[2])
})
write_reference("wilson", "prop.test(numerator, denominator, correct = FALSE)$conf.int", wilson)

# Newcombe's method 10, from the Wilson limits.
newcombe <- each(300, function(i) {
  n <- pmax(1, round(exp(runif(2, 0, log(2000)))))
  x <- vapply(n, function(m) as.integer(if (i %% 5 == 0) sample(c(0, m), 1) else sample.int(m + 1, 1) - 1), 0L)
  p <- x / n
  a <- wilson_of(x[1], n[1])
  b <- wilson_of(x[2], n[2])
  data.frame(numerator_a = x[1], denominator_a = n[1], numerator_b = x[2], denominator_b = n[2], difference = p[1] - p[2],
    low = p[1] - p[2] - sqrt((p[1] - a[1])^2 + (b[2] - p[2])^2),
    high = p[1] - p[2] + sqrt((a[2] - p[1])^2 + (p[2] - b[1])^2))
})
write_reference("newcombe",
  "a, b = prop.test(correct = FALSE)$conf.int; p - q - sqrt((p - a[1])^2 + (b[2] - q)^2), p - q + sqrt((a[2] - p)^2 + (q - b[1])^2)",
  newcombe)

# Quantiles, type 7. The values are parted by spaces.
quantile7 <- each(300, function(i) {
  values <- sort(round(switch(i %% 3 + 1, rnorm(i %% 23 + 1, 50, 20), rexp(i %% 23 + 1) * 1000, sample.int(11, i %% 23 + 1, TRUE) - 1), 2))
  p <- c(0, 0.25, 0.5, 0.75, 1, round(runif(1), 4))[sample.int(6, 1)]
  data.frame(values = paste(text(values), collapse = " "), p = p, quantile = unname(quantile(values, p, type = 7)))
})
write_reference("quantile-type-7", "quantile(values, p, type = 7)", quantile7)

# Paired change: mean, SD, t interval, dz. No interval where all changes are equal: t.test refuses.
paired <- each(300, function(i) {
  n <- if (i <= 30) i %% 10 + 2 else round(exp(runif(1, log(2), log(500))))
  changes <- round(rnorm(n, runif(1, -3, 6), runif(1, 0.3, if (i %% 2 == 0) 4 else 25)))
  interval <- if (sd(changes) == 0) c(NA, NA) else t.test(changes)$conf.int
  data.frame(n = n, sum = sum(changes), sum_of_squares = sum(changes^2), mean = mean(changes), sd = sd(changes),
    low = interval[1], high = interval[2], dz = mean(changes) / sd(changes))
})
write_reference("paired-change", "mean(changes), sd(changes), t.test(changes)$conf.int, mean(changes) / sd(changes)", paired)

# Welch's t test of two groups of whole numbers.
welch <- each(300, function(i) {
  x <- round(rnorm(sample(2:40, 1), runif(1, -5, 60), runif(1, 1, 20)))
  y <- if (i %% 15 == 0) rep(7, 5) else round(rnorm(sample(2:200, 1), runif(1, -5, 60), runif(1, 1, 20)))
  if (sd(x) == 0) x[1] <- x[1] + 1
  test <- t.test(x, y, var.equal = FALSE)
  data.frame(n1 = length(x), sum1 = sum(x), squares1 = sum(x^2), n2 = length(y), sum2 = sum(y), squares2 = sum(y^2),
    difference = mean(x) - mean(y), low = test$conf.int[1], high = test$conf.int[2], df = unname(test$parameter))
})
write_reference("welch", "t.test(x, y, var.equal = FALSE)$conf.int and $parameter", welch)

# Kaplan-Meier. Samples with and without ties, all censored, all events; the last one large.
size_of <- function(i) if (i == 150) 600 else (i - 1) %% 30 + 1
days_of <- function(i) sample.int(if (i == 150) 400 else if (i %% 2 == 0) 12 else 900, size_of(i), TRUE) - 1
km <- each(150, function(i) {
  day <- days_of(i)
  event <- rbinom(length(day), 1, if (i %% 11 == 0) 0 else if (i %% 7 == 0) 1 else 0.6)
  fit <- survfit(Surv(day, event) ~ 1, conf.type = "log-log")
  data.frame(sample = i, day = fit$time, at_risk = fit$n.risk, events = fit$n.event, censored = fit$n.censor,
    survival = fit$surv, standard_error = fit$std.err * fit$surv, low = fit$lower, high = fit$upper)
})
write_reference("kaplan-meier", 'survfit(Surv(day, event) ~ 1, conf.type = "log-log"); standard_error = std.err * surv', km)

# Aalen-Johansen with one competing event.
aj <- each(150, function(i) {
  day <- days_of(i)
  odds <- if (i %% 11 == 0) c(1, 0, 1) else if (i %% 7 == 0) c(0, 1, 1) else if (i %% 13 == 0) c(0, 1, 0) else c(3, 4, 3)
  end <- factor(sample.int(3, length(day), TRUE, odds), levels = 1:3, labels = c("censored", "event", "competing"))
  fit <- survfit(Surv(day, end) ~ 1, conf.type = "log-log")
  # With one distinct day R drops a dimension.
  column <- function(values, state) matrix(values, ncol = 3)[, state]
  # One row per distinct day, as survfit's own times.
  count <- function(what) vapply(fit$time, function(t) sum(day == t & end == what), 0)
  data.frame(sample = i, day = fit$time, at_risk = vapply(fit$time, function(t) sum(day >= t), 0), events = count("event"),
    competing = count("competing"), censored = count("censored"), incidence = column(fit$pstate, 2),
    standard_error = column(fit$std.err, 2), low = column(fit$lower, 2), high = column(fit$upper, 2))
})
write_reference("cumulative-incidence",
  'survfit(Surv(day, end) ~ 1, conf.type = "log-log"), state "event": pstate, std.err, lower, upper', aj)
