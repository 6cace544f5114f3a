import { z } from 'zod';
import { liveOf } from '../../pfsense/box.ts';
import { deskFrom } from '../change/desk.ts';
import { defineTool } from '../tool.ts';

export default defineTool({
  name: 'pf_config_backup',
  title: 'Back up the configuration',
  description:
    'Saves config.xml, secrets included, as a file on the machine where pfsense-mcp runs, readable by its user alone. The content is never shown. Do it before larger changes.',
  toolset: 'change',
  effect: 'read',
  level: 'config',
  complexity: 'config',
  isOpenWorld: false,
  input: z.strictObject({}),
  output: z.object({ path: z.string(), bytes: z.int(), sha256: z.string() }),
  async run(_args, context) {
    const { backups, now } = deskFrom(context);
    const { bytes, sha256 } = await liveOf(context.box).readDocument();
    return { ...backups.save(context.box.name, bytes, sha256, now()), sha256 };
  },
});
