// Two checks, one of which fails: for the test of what reads them.

import { check, same } from './kit.mjs';

await check('good', async () => same(1, 1, 'numbers'));
await check('bad', async () => same('a "quote"', 1, 'numbers'));
