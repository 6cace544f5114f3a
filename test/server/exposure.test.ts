import { expect, test } from 'vitest';
import { Exposure } from '../../src/server/exposure.ts';

test('a session remembers that it has shown text by strangers, and forgets it never', () => {
  const exposure = new Exposure();
  exposure.note({ name: 'pf_rule_search', isOpenWorld: false });
  expect(exposure.shownUntrustedText).toBe(false);
  exposure.note({ name: 'pf_log_search', isOpenWorld: true });
  exposure.note({ name: 'pf_rule_search', isOpenWorld: false });
  expect(exposure.shownUntrustedText).toBe(true);
});
