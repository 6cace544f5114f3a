import type { ChangeKind } from '../kind.ts';
import gatewayAdd from './gateway/add.ts';
import gatewayDelete from './gateway/delete.ts';
import gatewaySetDefault from './gateway/set-default.ts';
import gatewayToggle from './gateway/toggle.ts';
import gatewayUpdate from './gateway/update.ts';
import groupAdd from './gateway_group/add.ts';
import groupDelete from './gateway_group/delete.ts';
import groupUpdate from './gateway_group/update.ts';
import interfaceAssign from './interface/assign.ts';
import interfaceToggle from './interface/toggle.ts';
import interfaceUnassign from './interface/unassign.ts';
import interfaceUpdate from './interface/update.ts';
import routeAdd from './static_route/add.ts';
import routeDelete from './static_route/delete.ts';
import routeToggle from './static_route/toggle.ts';
import routeUpdate from './static_route/update.ts';
import vipAdd from './virtual_ip/add.ts';
import vipDelete from './virtual_ip/delete.ts';
import vipUpdate from './virtual_ip/update.ts';
import vlanCreate from './vlan/create.ts';
import vlanDelete from './vlan/delete.ts';
import vlanUpdate from './vlan/update.ts';

/** How the firewall is connected: routes, gateways, interfaces and their addresses. */
export const NETWORK_KINDS: readonly ChangeKind[] = [
  routeAdd,
  routeUpdate,
  routeDelete,
  routeToggle,
  gatewayAdd,
  gatewayUpdate,
  gatewayDelete,
  gatewayToggle,
  gatewaySetDefault,
  groupAdd,
  groupUpdate,
  groupDelete,
  interfaceUpdate,
  interfaceToggle,
  interfaceAssign,
  interfaceUnassign,
  vlanCreate,
  vlanUpdate,
  vlanDelete,
  vipAdd,
  vipUpdate,
  vipDelete,
];
