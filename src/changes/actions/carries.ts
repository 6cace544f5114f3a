/** Daemons that connections to the firewall itself may depend on, besides sshd. */
export const CARRIES =
  /^(?:openvpn|ipsec|pcscd|strongswan|wireguard|tailscaled?|zerotier(?:-one)?|tinc|frr|haproxy|stunnel)$/i;

/** Whether starting or stopping it goes by plan, guard and approval; anything else needs no plan. */
export function carriesConnections(service: string): boolean {
  return service === 'sshd' || CARRIES.test(service);
}
