-- Question:   Were the visits that fell due made, and if not, why not?
-- Grain:      One row a site, procedure group and follow-up timepoint, empty ones too; and with is_pooled = 1 the same
--             for all sites together.
-- Population: Cases of the cohort that entered treatment and are due: time zero + target day is on or before the cut-off.
-- Window:     done: taken in the window of the timepoint. late: taken out of it, before or after.
-- Numerator:  done + late.
-- Denominator: due. Every due visit is in exactly one of done, late, not_done_..., censored_..., pending and overdue.
-- Missing:    not_done_...: recorded as not done, by reason. censored_...: nothing recorded, and follow-up had ended, by
--             reason. pending: nothing recorded, the window still open. overdue: nothing recorded, the window closed.
-- Units:      Numbers of visits.
-- Source:     visit_cell, site
CREATE VIEW completeness AS
WITH counted AS (
  SELECT
    s.site_code,
    s.procedure_code,
    s.timepoint,
    SUM(s.cases) AS due,
    SUM(CASE WHEN s.window_position = 'in' THEN s.cases ELSE 0 END) AS done,
    SUM(CASE WHEN s.window_position IN ('early', 'late') THEN s.cases ELSE 0 END) AS late,
    SUM(CASE WHEN s.state = 'not-done' AND s.reason = 'died' THEN s.cases ELSE 0 END) AS not_done_died,
    SUM(CASE WHEN s.state = 'not-done' AND s.reason = 'lost-to-follow-up' THEN s.cases ELSE 0 END) AS not_done_lost_to_follow_up,
    SUM(CASE WHEN s.state = 'not-done' AND s.reason = 'withdrawn' THEN s.cases ELSE 0 END) AS not_done_withdrawn,
    SUM(CASE WHEN s.state = 'not-done' AND s.reason = 'declined' THEN s.cases ELSE 0 END) AS not_done_declined,
    SUM(CASE WHEN s.state = 'not-done' AND s.reason = 'too-ill' THEN s.cases ELSE 0 END) AS not_done_too_ill,
    SUM(CASE WHEN s.state = 'not-done' AND s.reason = 'not-done-by-site' THEN s.cases ELSE 0 END) AS not_done_not_done_by_site,
    SUM(CASE WHEN s.state = 'censored' AND s.reason = 'died' THEN s.cases ELSE 0 END) AS censored_died,
    SUM(CASE WHEN s.state = 'censored' AND s.reason = 'explanted' THEN s.cases ELSE 0 END) AS censored_explanted,
    SUM(CASE WHEN s.state = 'censored' AND s.reason = 'crossed-over' THEN s.cases ELSE 0 END) AS censored_crossed_over,
    SUM(CASE WHEN s.state = 'censored' AND s.reason = 'withdrawn' THEN s.cases ELSE 0 END) AS censored_withdrawn,
    SUM(CASE WHEN s.state = 'censored' AND s.reason = 'lost-to-follow-up' THEN s.cases ELSE 0 END) AS censored_lost_to_follow_up,
    SUM(CASE WHEN s.state = 'due' THEN s.cases ELSE 0 END) AS pending,
    SUM(CASE WHEN s.state = 'overdue' THEN s.cases ELSE 0 END) AS overdue
  FROM visit_cell s
  GROUP BY s.site_code, s.procedure_code, s.timepoint
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
  COALESCE(SUM(n.censored_died), 0) AS censored_died,
  COALESCE(SUM(n.censored_explanted), 0) AS censored_explanted,
  COALESCE(SUM(n.censored_crossed_over), 0) AS censored_crossed_over,
  COALESCE(SUM(n.censored_withdrawn), 0) AS censored_withdrawn,
  COALESCE(SUM(n.censored_lost_to_follow_up), 0) AS censored_lost_to_follow_up,
  COALESCE(SUM(n.pending), 0) AS pending,
  COALESCE(SUM(n.overdue), 0) AS overdue,
  CAST(SUM(n.done) + SUM(n.late) AS FLOAT) / NULLIF(SUM(n.due), 0) AS rate
FROM (
  SELECT site_code AS site_group, site_code, 0 AS is_pooled FROM site
  UNION ALL SELECT 'all', site_code, 1 FROM site
  UNION ALL SELECT 'all', NULL, 1
) h
CROSS JOIN procedure_group g
CROSS JOIN visit_window w
LEFT JOIN counted n
  ON n.procedure_code = g.procedure_code
  AND n.timepoint = w.timepoint
  AND n.site_code = h.site_code
WHERE w.timepoint <> 'baseline'
GROUP BY h.site_group, h.is_pooled, g.procedure_group, w.timepoint, w.timepoint_order
