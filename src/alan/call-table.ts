import type { CallRecord } from './events.ts';

/** A row of `query_metrics`. */
export interface CallRow {
  tool_name: string;
  complexity: CallRecord['complexity'];
  duration_ms: number;
  success: number;
  error_type: string | null;
  query_preview: string;
  timestamp: number;
  firewall: string;
  rung: string | null;
  censored: number;
}

/** In the order of the columns as the store names them. */
export function toRow(call: CallRecord): unknown[] {
  return [
    call.tool,
    call.complexity,
    call.durationMs,
    Number(call.success),
    call.errorType ?? null,
    call.preview,
    call.at,
    call.firewall,
    call.rung ?? null,
    Number(call.isCensored),
  ];
}

export function toCall(row: CallRow): CallRecord {
  return {
    tool: row.tool_name,
    firewall: row.firewall,
    complexity: row.complexity,
    durationMs: row.duration_ms,
    success: row.success === 1,
    errorType: row.error_type ?? undefined,
    isCensored: row.censored === 1,
    rung: row.rung ?? undefined,
    preview: row.query_preview,
    at: row.timestamp,
  };
}
