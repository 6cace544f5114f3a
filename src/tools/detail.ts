import { z } from 'zod';

/** How much a read answers. */
export const detail = z.enum(['concise', 'detailed']).default('concise').describe('concise: what people look at first');
