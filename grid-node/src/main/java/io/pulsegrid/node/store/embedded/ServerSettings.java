package io.pulsegrid.node.store.embedded;

/** The settings the server starts with, written anew each time; edits belong elsewhere. */
final class ServerSettings {
  private ServerSettings() {}

  static String text(int port) {
    return """
    # Written at each start. Settings of your own belong below the include in postgresql.conf.
    listen_addresses = '127.0.0.1'
    port = %d
    unix_socket_directories = ''
    max_connections = 200
    shared_preload_libraries = 'pg_stat_statements'
    # Acknowledged means on disk.
    fsync = on
    synchronous_commit = on
    full_page_writes = on
    # Batches of rows with vectors: fewer, longer checkpoints.
    shared_buffers = '256MB'
    max_wal_size = '2GB'
    checkpoint_timeout = '15min'
    wal_compression = on
    work_mem = '16MB'
    maintenance_work_mem = '128MB'
    # Short statements only; compiling them costs more than it saves.
    jit = off
    # A statement that failed may hold what people wrote, or a password's verifier.
    log_min_error_statement = panic
    log_checkpoints = off
    log_timezone = 'UTC'
    timezone = 'UTC'
    """
        .formatted(port);
  }
}
