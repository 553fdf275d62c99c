/** Several accounts with one secret: what is wrong with it is found out without locking anybody. */
import { Proof, withProof } from '../../../../nodes/cloud/access/shared-proof';
import type { Answer } from '../../../../nodes/cloud/api/answer';
import type { Departure } from '../../../../nodes/cloud/api/departure';
import { answered, KEYSTONE_401, lost } from '../../answers';

const REQUEST = { method: 'GET', path: '/v2.1/p/servers' } as const;
const DEPARTURE: Departure = { state: 'waiting', leave: () => 1, comeBack: () => undefined };
const REFUSED = answered(401, KEYSTONE_401);
const FINE = answered(200, {});

/** As many accounts as there are answers, which send all at once; each answer takes a turn of the loop. */
async function sendAll(answers: Answer[]) {
	const proof = new Proof(() => 0);
	const { signal } = new AbortController();
	let sent = 0;
	let underWay = 0;
	let most = 0;
	const results = await Promise.all(
		answers.map(async (answer, index) => {
			const send = async () => {
				sent += 1;
				underWay += 1;
				most = Math.max(most, underWay);
				await Promise.resolve();
				underWay -= 1;
				return answer;
			};
			const client = withProof(send, { proof: () => proof, place: `p${index}`, signal });
			return await client(REQUEST, 1_000, DEPARTURE);
		}),
	);
	return { results, sent, most };
}

test('a wrong secret is refused twice, however many accounts use it', async () => {
	const { results, sent } = await sendAll(Array<Answer>(8).fill(REFUSED));
	expect(sent).toBe(2);
	expect(results.slice(0, 2)).toEqual([REFUSED, REFUSED]);
	for (const result of results.slice(2)) {
		expect(result).toMatchObject({ kind: 'lost', sent: false, refusal: { final: true } });
	}
});

test('a secret that is refused for one project only works for the others', async () => {
	const { results, sent } = await sendAll([REFUSED, FINE, FINE, FINE]);
	expect(sent).toBe(4);
	expect(results).toEqual([REFUSED, FINE, FINE, FINE]);
});

test('one request finds out whether it works, then all go at once', async () => {
	const { most, sent } = await sendAll([FINE, FINE, FINE, FINE]);
	expect(sent).toBe(4);
	expect(most).toBe(3);
});

test('a lost answer tells nothing of it', async () => {
	const gone = lost('ECONNRESET');
	const { results, sent } = await sendAll([gone, gone, gone, FINE]);
	expect(sent).toBe(4);
	expect(results).toEqual([gone, gone, gone, FINE]);
});
