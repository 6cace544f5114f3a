/** Accounts of the simulated firewall; `admin` and `root` are the same user, as on pfSense. */
export const USERS = {
  root: { uid: 0, password: 'pfsense' },
  admin: { uid: 0, password: 'pfsense' },
  operator: { uid: 2000, password: 'operator' },
} as const;

export type UserName = keyof typeof USERS;

export function isUser(name: string): name is UserName {
  return Object.hasOwn(USERS, name);
}
