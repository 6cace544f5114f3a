import type { ActionKind } from '../kind.ts';
import { interfaceRestart } from './interface.ts';
import { packageInstall, packageRemove, packageUpdate } from './package.ts';
import { systemHalt, systemReboot } from './power.ts';
import { serviceControl } from './service.ts';
import { sshdRestart } from './sshd.ts';
import { statesFlush, statesKill } from './states.ts';
import { vpnDisconnect } from './vpn.ts';

/** Everything that can be done by plan and is no change of the configuration. */
export const ACTIONS: readonly ActionKind[] = [
  interfaceRestart,
  sshdRestart,
  serviceControl,
  vpnDisconnect,
  statesKill,
  statesFlush,
  systemReboot,
  systemHalt,
  packageInstall,
  packageRemove,
  packageUpdate,
];
