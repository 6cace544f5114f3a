import type { ChangeKind } from '../kind.ts';
import aliasAddMembers from './alias/add-members.ts';
import aliasCreate from './alias/create.ts';
import aliasDelete from './alias/delete.ts';
import aliasRemoveMembers from './alias/remove-members.ts';
import aliasRename from './alias/rename.ts';
import aliasUpdate from './alias/update.ts';
import configDelete from './config/delete.ts';
import configSet from './config/set.ts';
import cronAdd from './cron/add.ts';
import cronDelete from './cron/delete.ts';
import cronUpdate from './cron/update.ts';
import { DNS_DHCP_KINDS } from './dns-dhcp.ts';
import ruleAdd from './firewall_rule/add.ts';
import ruleDelete from './firewall_rule/delete.ts';
import ruleMove from './firewall_rule/move.ts';
import ruleToggle from './firewall_rule/toggle.ts';
import ruleUpdate from './firewall_rule/update.ts';
import separatorAdd from './firewall_separator/add.ts';
import separatorDelete from './firewall_separator/delete.ts';
import groupCreate from './group/create.ts';
import groupDelete from './group/delete.ts';
import groupUpdate from './group/update.ts';
import nptAdd from './nat_npt/add.ts';
import nptDelete from './nat_npt/delete.ts';
import nptUpdate from './nat_npt/update.ts';
import oneToOneAdd from './nat_one_to_one/add.ts';
import oneToOneDelete from './nat_one_to_one/delete.ts';
import oneToOneUpdate from './nat_one_to_one/update.ts';
import outboundAdd from './nat_outbound/add.ts';
import outboundDelete from './nat_outbound/delete.ts';
import outboundSetMode from './nat_outbound/set-mode.ts';
import outboundUpdate from './nat_outbound/update.ts';
import forwardAdd from './nat_port_forward/add.ts';
import forwardDelete from './nat_port_forward/delete.ts';
import forwardMove from './nat_port_forward/move.ts';
import forwardToggle from './nat_port_forward/toggle.ts';
import forwardUpdate from './nat_port_forward/update.ts';
import { NETWORK_KINDS } from './network.ts';
import setPushover from './notification/set-pushover.ts';
import setSlack from './notification/set-slack.ts';
import setSmtp from './notification/set-smtp.ts';
import setTelegram from './notification/set-telegram.ts';
import objectRestore from './object/restore.ts';
import revisionRestore from './revision/restore.ts';
import scheduleCreate from './schedule/create.ts';
import scheduleDelete from './schedule/delete.ts';
import scheduleUpdate from './schedule/update.ts';
import sysctlDelete from './sysctl/delete.ts';
import sysctlSet from './sysctl/set.ts';
import userCreate from './user/create.ts';
import userDelete from './user/delete.ts';
import userUpdate from './user/update.ts';

/** Everything that a plan can change, in the order in which pf_change_kinds lists it. */
export const KINDS: readonly ChangeKind[] = [
  ruleAdd,
  ruleUpdate,
  ruleDelete,
  ruleMove,
  ruleToggle,
  separatorAdd,
  separatorDelete,
  aliasCreate,
  aliasUpdate,
  aliasDelete,
  aliasAddMembers,
  aliasRemoveMembers,
  aliasRename,
  scheduleCreate,
  scheduleUpdate,
  scheduleDelete,
  forwardAdd,
  forwardUpdate,
  forwardDelete,
  forwardMove,
  forwardToggle,
  outboundSetMode,
  outboundAdd,
  outboundUpdate,
  outboundDelete,
  oneToOneAdd,
  oneToOneUpdate,
  oneToOneDelete,
  nptAdd,
  nptUpdate,
  nptDelete,
  ...NETWORK_KINDS,
  ...DNS_DHCP_KINDS,
  userCreate,
  userUpdate,
  userDelete,
  groupCreate,
  groupUpdate,
  groupDelete,
  cronAdd,
  cronUpdate,
  cronDelete,
  sysctlSet,
  sysctlDelete,
  setSmtp,
  setTelegram,
  setPushover,
  setSlack,
  objectRestore,
  revisionRestore,
  configSet,
  configDelete,
];
