-- Who may save trends: each term of office of the clustering writer has a number of its own, which
-- rises. An epoch does not do: within one, the office may move from node to node.

CREATE SEQUENCE clustering_office;

ALTER TABLE cluster_checkpoint ADD COLUMN writer_office bigint NOT NULL DEFAULT 0;

-- Aliases lead to the trend that lives, however often it was merged on: earlier versions left some
-- that lead to another alias.
WITH RECURSIVE chain (alias, trend_id) AS (
  SELECT alias, trend_id FROM trend_alias
  UNION
  SELECT c.alias, a.trend_id FROM chain c JOIN trend_alias a ON a.alias = c.trend_id
)
UPDATE trend_alias t SET trend_id = c.trend_id
FROM chain c
WHERE c.alias = t.alias AND c.trend_id <> t.trend_id
  AND NOT EXISTS (SELECT 1 FROM trend_alias further WHERE further.alias = c.trend_id);
