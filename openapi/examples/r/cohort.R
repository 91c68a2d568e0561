# A cohort, looked at in R: the trajectory of the scores and the cumulative responder curve, drawn from the registry's
# figures; and the same figures worked out from the exported rows, which have to agree.
# Usage: Rscript cohort.R URL KEY [FOLDER]. Base R alone.
arguments <- commandArgs(trailingOnly = TRUE)
folder <- if (length(arguments) > 2) arguments[3] else "."

ask <- function(path) {
  answer <- url(paste0(arguments[1], "/api/v1", path), headers = c("X-Api-Key" = arguments[2], "Accept" = "text/csv"))
  read.csv(answer, na.strings = "")
}

cohort <- "procedure=scs&instrument=nrs&set=treated"
trajectory <- subset(ask(paste0("/cohorts/trajectories?", cohort)), procedure == "scs")
curve <- subset(ask(paste0("/cohorts/responder-curve?timepoint=12m&", cohort)), procedure == "scs")
rate <- subset(ask(paste0("/summaries/response-rates?timepoint=12m&", cohort)), procedure == "scs")
rows <- subset(ask("/cohorts/export?shape=long&procedure=scs"), treated == "true")

# The mean, SD and quartiles of the scores at each timepoint.
for (i in seq_len(nrow(trajectory))) {
  figures <- trajectory[i, ]
  scores <- with(rows, nrs[timepoint == figures$timepoint & !is.na(nrs)])
  stopifnot(
    length(scores) == figures$n,
    all.equal(mean(scores), figures$mean),
    all.equal(sd(scores), figures$sd),
    all.equal(unname(quantile(scores, c(.05, .25, .5, .75, .95), type = 7)), unlist(figures[c("p5", "q1", "median", "q3", "p95")], use.names = FALSE)))
}

# Who has no score that counts did not respond; a baseline of 0 cannot fall.
pairs <- subset(rows, timepoint == "12m" & nrsBaseline > 0 & !is.na(nrs))
responders <- sum(100 * (pairs$nrsBaseline - pairs$nrs) >= 30 * pairs$nrsBaseline)
stopifnot(responders == rate$responders, all.equal(responders / rate$denominator, rate$rate))
stopifnot(max(curve$points.responders[curve$points.relief >= 30]) == rate$responders)

svg(file.path(folder, "cohort-r.svg"), width = 10, height = 4.5)
par(mfrow = c(1, 2))
plot(trajectory$targetDay, trajectory$median, type = "b", pch = 19, ylim = c(0, 10), xlab = "days after time zero", ylab = "NRS, median and quartiles", main = "SCS: course of the scores")
arrows(trajectory$targetDay, trajectory$q1, trajectory$targetDay, trajectory$q3, angle = 90, code = 3, length = .04)
text(trajectory$targetDay, 0, trajectory$n, cex = .7)
plot(curve$points.relief, 100 * curve$points.share, type = "S", xlim = c(0, 100), ylim = c(0, 100), xlab = "relief of at least, %", ylab = "patients, %", main = sprintf("SCS: responders at 12 months (n = %d)", curve$denominator[1]))
abline(v = c(30, 50), lty = 3)
invisible(dev.off())
cat(sprintf("R: %d timepoints, %d rows of %d cases; at 12 months %d of %d responded\n", nrow(trajectory), nrow(rows), length(unique(rows$case)), rate$responders, rate$denominator))
