-- Question:   Were the visits that fell due made, and if not, why not?
-- Grain:      One row a site, procedure group and follow-up timepoint, empty ones too; and with is_pooled = 1 the same
--             for all sites together.
-- Population: Visits of cases of the cohort that entered treatment that are due: time zero + target day is on or before the
--             cut-off. While a trial is undecided no visit is due.
-- Window:     done: taken in the window of the timepoint. late: taken out of it, before or after.
-- Numerator:  done + late.
-- Denominator: due. Every due visit is in exactly one of done, late, not_done_..., missed, censored_..., pending and overdue.
-- Missing:    not_done_...: recorded as not done, by reason. missed: nothing recorded, the target day was reached under
--             observation, and observation has ended since. censored_...: nothing recorded, and observation had ended before the
--             target day, by reason. pending: nothing recorded, the window still open. overdue: the same, the window closed.
-- Units:      Numbers of visits.
-- Source:     visit_count, site
CREATE VIEW completeness AS
WITH counted AS (
  SELECT
    v.site_code,
    v.procedure_code,
    v.timepoint,
    SUM(v.visits) AS due,
    SUM(CASE WHEN v.window_position = 'in' THEN v.visits ELSE 0 END) AS done,
    SUM(CASE WHEN v.window_position IN ('early', 'late') THEN v.visits ELSE 0 END) AS late,
    SUM(CASE WHEN v.state = 'not-done' AND v.reason = 'died' THEN v.visits ELSE 0 END) AS not_done_died,
    SUM(CASE WHEN v.state = 'not-done' AND v.reason = 'lost-to-follow-up' THEN v.visits ELSE 0 END) AS not_done_lost_to_follow_up,
    SUM(CASE WHEN v.state = 'not-done' AND v.reason = 'withdrawn' THEN v.visits ELSE 0 END) AS not_done_withdrawn,
    SUM(CASE WHEN v.state = 'not-done' AND v.reason = 'declined' THEN v.visits ELSE 0 END) AS not_done_declined,
    SUM(CASE WHEN v.state = 'not-done' AND v.reason = 'too-ill' THEN v.visits ELSE 0 END) AS not_done_too_ill,
    SUM(CASE WHEN v.state = 'not-done' AND v.reason = 'not-done-by-site' THEN v.visits ELSE 0 END) AS not_done_not_done_by_site,
    SUM(CASE WHEN v.state = 'missed' THEN v.visits ELSE 0 END) AS missed,
    SUM(CASE WHEN v.state = 'censored' AND v.reason = 'died' THEN v.visits ELSE 0 END) AS censored_died,
    SUM(CASE WHEN v.state = 'censored' AND v.reason = 'explanted' THEN v.visits ELSE 0 END) AS censored_explanted,
    SUM(CASE WHEN v.state = 'censored' AND v.reason = 'crossed-over' THEN v.visits ELSE 0 END) AS censored_crossed_over,
    SUM(CASE WHEN v.state = 'censored' AND v.reason = 'withdrawn' THEN v.visits ELSE 0 END) AS censored_withdrawn,
    SUM(CASE WHEN v.state = 'censored' AND v.reason = 'lost-to-follow-up' THEN v.visits ELSE 0 END) AS censored_lost_to_follow_up,
    SUM(CASE WHEN v.state = 'open' THEN v.visits - v.overdue ELSE 0 END) AS pending,
    SUM(v.overdue) AS overdue
  FROM visit_count v
  GROUP BY v.site_code, v.procedure_code, v.timepoint
),
pooled AS (
  SELECT
    n.procedure_code,
    n.timepoint,
    SUM(n.due) AS due,
    SUM(n.done) AS done,
    SUM(n.late) AS late,
    SUM(n.not_done_died) AS not_done_died,
    SUM(n.not_done_lost_to_follow_up) AS not_done_lost_to_follow_up,
    SUM(n.not_done_withdrawn) AS not_done_withdrawn,
    SUM(n.not_done_declined) AS not_done_declined,
    SUM(n.not_done_too_ill) AS not_done_too_ill,
    SUM(n.not_done_not_done_by_site) AS not_done_not_done_by_site,
    SUM(n.missed) AS missed,
    SUM(n.censored_died) AS censored_died,
    SUM(n.censored_explanted) AS censored_explanted,
    SUM(n.censored_crossed_over) AS censored_crossed_over,
    SUM(n.censored_withdrawn) AS censored_withdrawn,
    SUM(n.censored_lost_to_follow_up) AS censored_lost_to_follow_up,
    SUM(n.pending) AS pending,
    SUM(n.overdue) AS overdue
  FROM counted n
  GROUP BY n.procedure_code, n.timepoint
)
SELECT
  h.site_group,
  h.is_pooled,
  g.procedure_group,
  w.timepoint,
  w.timepoint_order,
  COALESCE(SUM(n.due), 0) AS due,
  COALESCE(SUM(n.done), 0) AS done,
  COALESCE(SUM(n.late), 0) AS late,
  COALESCE(SUM(n.not_done_died), 0) AS not_done_died,
  COALESCE(SUM(n.not_done_lost_to_follow_up), 0) AS not_done_lost_to_follow_up,
  COALESCE(SUM(n.not_done_withdrawn), 0) AS not_done_withdrawn,
  COALESCE(SUM(n.not_done_declined), 0) AS not_done_declined,
  COALESCE(SUM(n.not_done_too_ill), 0) AS not_done_too_ill,
  COALESCE(SUM(n.not_done_not_done_by_site), 0) AS not_done_not_done_by_site,
  COALESCE(SUM(n.missed), 0) AS missed,
  COALESCE(SUM(n.censored_died), 0) AS censored_died,
  COALESCE(SUM(n.censored_explanted), 0) AS censored_explanted,
  COALESCE(SUM(n.censored_crossed_over), 0) AS censored_crossed_over,
  COALESCE(SUM(n.censored_withdrawn), 0) AS censored_withdrawn,
  COALESCE(SUM(n.censored_lost_to_follow_up), 0) AS censored_lost_to_follow_up,
  COALESCE(SUM(n.pending), 0) AS pending,
  COALESCE(SUM(n.overdue), 0) AS overdue,
  CAST(SUM(n.done) + SUM(n.late) AS FLOAT) / NULLIF(SUM(n.due), 0) AS rate
FROM (
  SELECT s.site_code AS site_group, s.site_code, 0 AS is_pooled FROM site s
  UNION ALL SELECT 'all', NULL, 1
) h
CROSS JOIN procedure_group g
CROSS JOIN visit_window w
LEFT JOIN (
  SELECT n.site_code, 0 AS is_pooled, n.procedure_code, n.timepoint, n.due, n.done, n.late, n.not_done_died, n.not_done_lost_to_follow_up, n.not_done_withdrawn, n.not_done_declined, n.not_done_too_ill, n.not_done_not_done_by_site, n.missed, n.censored_died, n.censored_explanted, n.censored_crossed_over, n.censored_withdrawn, n.censored_lost_to_follow_up, n.pending, n.overdue FROM counted n
  UNION ALL
  SELECT NULL, 1, p.procedure_code, p.timepoint, p.due, p.done, p.late, p.not_done_died, p.not_done_lost_to_follow_up, p.not_done_withdrawn, p.not_done_declined, p.not_done_too_ill, p.not_done_not_done_by_site, p.missed, p.censored_died, p.censored_explanted, p.censored_crossed_over, p.censored_withdrawn, p.censored_lost_to_follow_up, p.pending, p.overdue FROM pooled p
) n
  ON n.procedure_code = g.procedure_code
  AND n.timepoint = w.timepoint
  AND n.is_pooled = h.is_pooled
  AND COALESCE(n.site_code, '') = COALESCE(h.site_code, '')
WHERE w.timepoint <> 'baseline'
-- [timepoint] AND w.timepoint = @timepoint
GROUP BY h.site_group, h.is_pooled, g.procedure_group, w.timepoint, w.timepoint_order
