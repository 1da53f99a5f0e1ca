-- What a delivery says on its channel, its platform's own text where it has one: so that the same is found again.
CREATE TABLE saying (
  delivery text PRIMARY KEY REFERENCES delivery ON DELETE CASCADE,
  channel  text NOT NULL,
  said     text NOT NULL
);
INSERT INTO saying (delivery, channel, said)
  SELECT d.id, d.channel, md5(coalesce(s.variants ->> d.platform, s.text))
  FROM delivery d JOIN scheduled_post s ON s.id = d.scheduled_post;
CREATE INDEX saying_by_text ON saying (channel, said);
DROP INDEX scheduled_post_by_text;
