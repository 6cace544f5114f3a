import { z } from 'zod';
import { withoutTree } from '../../../config/update.ts';
import { defineKind } from '../../kind.ts';
import { checkPlace } from './allowed.ts';
import { Path, placeAt } from './place.ts';

export default defineKind({
  id: 'config.delete',
  summary:
    'Take away what stands at a path of config.xml that has no kind of its own. The plan says what is only written.',
  tier: 'durable',
  level: 'dangerous',
  input: z.strictObject({ path: Path }),
  example: { path: 'syslog/nentries' },
  apply(config, { path }) {
    const place = placeAt(config, path);
    checkPlace(place);
    return place.found === undefined ? config : withoutTree(config, place.path);
  },
});
