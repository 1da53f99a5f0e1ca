-- Windows are kept in another form, which is not read from the one before: quotas of reading are counted anew, once.
UPDATE read_quota SET windows = NULL;

-- Said otherwise before: what is compared has the words, platforms and counts of now.
COMMENT ON COLUMN trend_emergence.payload IS 'the trend as it is now, with the highest score since it waits';
