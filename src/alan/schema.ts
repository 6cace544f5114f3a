/** Migrations of alan.db; entry n brings `user_version` n to n + 1. Never edit one that was released. */
export const MIGRATIONS: readonly string[] = [
  `CREATE TABLE query_metrics (
     id INTEGER PRIMARY KEY,
     tool_name TEXT NOT NULL,
     complexity TEXT NOT NULL,
     duration_ms REAL NOT NULL,
     success INTEGER NOT NULL,
     error_type TEXT,
     query_preview TEXT NOT NULL,
     timestamp INTEGER NOT NULL,
     firewall TEXT NOT NULL,
     rung TEXT,
     censored INTEGER NOT NULL
   );
   CREATE INDEX query_metrics_time ON query_metrics (timestamp);
   CREATE INDEX query_metrics_class ON query_metrics (firewall, complexity, id);
   CREATE TABLE health_samples (
     id INTEGER PRIMARY KEY,
     firewall TEXT NOT NULL,
     ok INTEGER NOT NULL,
     duration_ms REAL NOT NULL,
     timestamp INTEGER NOT NULL
   );
   CREATE INDEX health_samples_time ON health_samples (firewall, timestamp);
   CREATE TABLE breaker_states (firewall TEXT PRIMARY KEY, state TEXT NOT NULL, saved_at INTEGER NOT NULL);
   CREATE TABLE refused_credentials (
     firewall TEXT NOT NULL,
     credential_hash TEXT NOT NULL,
     refused_at INTEGER NOT NULL,
     PRIMARY KEY (firewall, credential_hash)
   );`,
  `CREATE TABLE rule_watches (
     firewall TEXT PRIMARY KEY,
     at INTEGER NOT NULL,
     epoch INTEGER,
     windows TEXT NOT NULL
   ) WITHOUT ROWID;
   CREATE TABLE watched_rules (
     firewall TEXT NOT NULL,
     tracker TEXT NOT NULL,
     watched_since INTEGER NOT NULL,
     last_seen INTEGER NOT NULL,
     last_used INTEGER,
     uses INTEGER NOT NULL,
     packets INTEGER NOT NULL,
     PRIMARY KEY (firewall, tracker)
   ) WITHOUT ROWID;
   CREATE TABLE snapshots (
     firewall TEXT NOT NULL,
     at INTEGER NOT NULL,
     body TEXT NOT NULL,
     PRIMARY KEY (firewall, at)
   ) WITHOUT ROWID;`,
];
