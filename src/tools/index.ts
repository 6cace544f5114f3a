import aliasSearch from './alias/search.ts';
import configGet from './config/get.ts';
import configHistory from './config/history.ts';
import gatewayStatus from './gateway/status.ts';
import health from './health.ts';
import interfaceList from './interface/list.ts';
import logSearch from './log/search.ts';
import natList from './nat/list.ts';
import ruleSearch from './rule/search.ts';
import serviceList from './service/list.ts';
import stateSearch from './state/search.ts';
import systemStatus from './system/status.ts';
import type { Tool } from './tool.ts';

/** Every tool, in the order in which clients see them. */
export const TOOLS: readonly Tool[] = [
  systemStatus,
  interfaceList,
  gatewayStatus,
  ruleSearch,
  natList,
  aliasSearch,
  stateSearch,
  serviceList,
  configGet,
  configHistory,
  logSearch,
  health,
];
