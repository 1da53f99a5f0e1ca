-- Windows are kept in another form, which is not read from the one before: quotas of reading are counted anew, once.
UPDATE read_quota SET windows = NULL;
