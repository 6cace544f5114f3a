/** What stands in tables of pf now. Tables that are not listed do not exist. */
export interface TableFacts {
  readonly names: readonly string[];
  /** All entries of a table. */
  readonly contents: Readonly<Record<string, readonly string[]>>;
  /** By table and address: whether pf finds it there. For tables too large to be read. */
  readonly tests: Readonly<Record<string, Readonly<Record<string, boolean>>>>;
}

export interface GatewayFact {
  /** null: its monitor says nothing. */
  readonly isUp: boolean | null;
  readonly address: string | null;
  /** Device it is reached through. */
  readonly device: string | null;
}

/** What a configuration does not say. Whatever is left out is unknown, and answers that hang on it say so. */
export interface Facts {
  /** By device: its addresses with prefix lengths (`10.0.0.1/24`); devices that are not listed do not exist. */
  readonly addresses?: Readonly<Record<string, readonly string[]>>;
  /** Devices of interfaces by key, where the configuration's are not the real ones (PPPoE). */
  readonly devices?: Readonly<Record<string, string>>;
  readonly tables?: TableFacts;
  /** All gateways that pfSense knows, dynamic ones too. */
  readonly gateways?: Readonly<Record<string, GatewayFact>>;
  /** Clock of the firewall in its own time zone: `2026-01-31T23:59:59`. */
  readonly localTime?: string;
  /** Anchors that hold rules now (`openvpn/ovpns1`); without this, those that can hold some are unknown. */
  readonly anchors?: readonly string[];
}
