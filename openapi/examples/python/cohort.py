"""A cohort, looked at in Python: the trajectory of the scores and the cumulative responder curve, drawn from the registry's
figures; and the same figures worked out from the exported rows, which have to agree.
Usage: cohort.py URL KEY [FOLDER]. Needs matplotlib."""
import csv, io, math, pathlib, statistics, sys, urllib.request

import matplotlib

matplotlib.use("svg")
import matplotlib.pyplot as plt

URL, KEY, FOLDER = sys.argv[1], sys.argv[2], pathlib.Path(sys.argv[3] if len(sys.argv) > 3 else ".")
COHORT = "procedure=scs&instrument=nrs&set=treated"


def ask(path):
    """The rows of an answer, each a dictionary of texts; an empty text is a missing value."""
    request = urllib.request.Request(URL + "/api/v1" + path, headers={"X-Api-Key": KEY, "Accept": "text/csv"})
    with urllib.request.urlopen(request) as answer:
        return list(csv.DictReader(io.TextIOWrapper(answer, encoding="utf-8-sig", newline="")))


def percentile(values, share):
    """Linear interpolation of the order statistics (type 7), as R and numpy have it."""
    values = sorted(values)
    place = share * (len(values) - 1)
    low = math.floor(place)
    return values[low] + (place - low) * (values[min(low + 1, len(values) - 1)] - values[low])


def same(ours, theirs, what):
    assert math.isclose(ours, float(theirs), rel_tol=1e-12, abs_tol=1e-12), f"{what}: {ours} from the rows, {theirs} from the registry"


trajectory = [row for row in ask("/cohorts/trajectories?" + COHORT) if row["procedure"] == "scs"]
curve = [row for row in ask("/cohorts/responder-curve?timepoint=12m&" + COHORT) if row["procedure"] == "scs"]
[rate] = [row for row in ask("/summaries/response-rates?timepoint=12m&" + COHORT) if row["procedure"] == "scs"]
rows = [row for row in ask("/cohorts/export?shape=long&procedure=scs") if row["treated"] == "true"]

for figures in trajectory:
    scores = [int(row["nrs"]) for row in rows if row["timepoint"] == figures["timepoint"] and row["nrs"]]
    same(len(scores), figures["n"], "n")
    same(statistics.mean(scores), figures["mean"], "mean")
    same(statistics.stdev(scores), figures["sd"], "sd")
    for name, share in (("p5", .05), ("q1", .25), ("median", .5), ("q3", .75), ("p95", .95)):
        same(percentile(scores, share), figures[name], name)

# Who has no score that counts did not respond; a baseline of 0 cannot fall.
pairs = [(int(row["nrsBaseline"]), int(row["nrs"])) for row in rows if row["timepoint"] == "12m" and row["nrs"] and row["nrsBaseline"]]
responders = sum(100 * (before - after) >= 30 * before for before, after in pairs if before > 0)
same(responders, rate["responders"], "responders")
same(responders / int(rate["denominator"]), rate["rate"], "rate")
same(max(int(row["points.responders"]) for row in curve if int(row["points.relief"]) >= 30), rate["responders"], "responders of the curve")

days = [int(row["targetDay"]) for row in trajectory]
figure, (left, right) = plt.subplots(1, 2, figsize=(10, 4.5))
left.errorbar(days, [float(row["median"]) for row in trajectory], fmt="o-", capsize=3,
              yerr=[[abs(float(row["median"]) - float(row[end])) for row in trajectory] for end in ("q1", "q3")])
left.set(ylim=(0, 10), xlabel="days after time zero", ylabel="NRS, median and quartiles", title="SCS: course of the scores")
right.step([int(row["points.relief"]) for row in curve], [100 * float(row["points.share"]) for row in curve], where="pre")
right.set(xlim=(0, 100), ylim=(0, 100), xlabel="relief of at least, %", ylabel="patients, %", title=f"SCS: responders at 12 months (n = {rate['denominator']})")
figure.savefig(FOLDER / "cohort-python.svg")
print(f"Python: {len(trajectory)} timepoints, {len(rows)} rows of {len({row['case'] for row in rows})} cases; at 12 months {rate['responders']} of {rate['denominator']} responded")
