import actionPlan from './action/plan.ts';
import actionRun from './action/run.ts';
import actionStatus from './action/status.ts';
import aliasSearch from './alias/search.ts';
import arpSet from './arp/set.ts';
import certificateList from './certificate/list.ts';
import changeApply from './change/apply.ts';
import changeConfirm from './change/confirm.ts';
import changeKinds from './change/kinds.ts';
import changePlan from './change/plan.ts';
import changeRollback from './change/rollback.ts';
import changeStatus from './change/status.ts';
import configBackup from './config/backup.ts';
import configGet from './config/get.ts';
import configHistory from './config/history.ts';
import dhcpList from './dhcp/list.ts';
import packetCapture from './diagnostic/capture.ts';
import diagnosticRun from './diagnostic/run.ts';
import dnsFlush from './dns/flush.ts';
import dnsGet from './dns/get.ts';
import gatewayStatus from './gateway/status.ts';
import haStatus from './ha/status.ts';
import health from './health.ts';
import hostExplain from './host/explain.ts';
import interfaceList from './interface/list.ts';
import logSearch from './log/search.ts';
import natList from './nat/list.ts';
import packageList from './package/list.ts';
import pathExplain from './path/explain.ts';
import routeList from './route/list.ts';
import ruleSearch from './rule/search.ts';
import serviceControl from './service/control.ts';
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
  pathExplain,
  diagnosticRun,
  packetCapture,
  health,
  changeKinds,
  changePlan,
  changeApply,
  changeConfirm,
  changeRollback,
  changeStatus,
  configBackup,
  serviceControl,
  dnsFlush,
  arpSet,
  actionPlan,
  actionRun,
  actionStatus,
];
