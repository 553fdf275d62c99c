import fc from 'fast-check';

import { DIST } from './play';
import { life, liveOn } from './trigger-life';

const CASES = 300;
/** Of all runs alike; `npm run test:soak -- --of trigger` draws others. */
const SEED = 1;

test('whatever becomes of a fleet, the trigger tells what the books say: all of it, once, and rightly', async () => {
	const check = async (one: Parameters<typeof liveOn>[1]) => {
		const wrong = await liveOn(DIST, one);
		if (wrong.length > 0) throw new Error(wrong.join('\n'));
	};

	await fc.assert(fc.asyncProperty(life, check), { numRuns: CASES, seed: SEED });
}, 120_000);
