-- What is in doubt on one channel, the longest due first: few rows, asked for after every answer.
CREATE INDEX delivery_doubtful_of_channel ON delivery (channel, next_probe_at) WHERE state = 'UNCONFIRMED';
