import aliasSearch from './alias/search.ts';
import certificateList from './certificate/list.ts';
import configGet from './config/get.ts';
import configHistory from './config/history.ts';
import dhcpList from './dhcp/list.ts';
import packetCapture from './diagnostic/capture.ts';
import diagnosticRun from './diagnostic/run.ts';
import dnsGet from './dns/get.ts';
import gatewayStatus from './gateway/status.ts';
import haStatus from './ha/status.ts';
import health from './health.ts';
import hostExplain from './host/explain.ts';
import interfaceList from './interface/list.ts';
import logSearch from './log/search.ts';
import natList from './nat/list.ts';
import packageList from './package/list.ts';
import routeList from './route/list.ts';
import ruleSearch from './rule/search.ts';
import serviceList from './service/list.ts';
import stateSearch from './state/search.ts';
import systemStatus from './system/status.ts';
import type { Tool } from './tool.ts';
import trafficGet from './traffic/get.ts';
import userList from './user/list.ts';
import vpnStatus from './vpn/status.ts';

/** Every tool, in the order in which clients see them. */
export const TOOLS: readonly Tool[] = [
  systemStatus,
  interfaceList,
  gatewayStatus,
  routeList,
  trafficGet,
  ruleSearch,
  natList,
  aliasSearch,
  stateSearch,
  serviceList,
  dhcpList,
  certificateList,
  vpnStatus,
  dnsGet,
  userList,
  haStatus,
  packageList,
  configGet,
  configHistory,
  logSearch,
  hostExplain,
  diagnosticRun,
  packetCapture,
  health,
];
