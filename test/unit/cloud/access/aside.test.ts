import { asideOf, learnAside, notSentAside } from '../../../../nodes/cloud/access/aside';
import { Refusals } from '../../../../nodes/cloud/access/refusals';
import { answered, gateway } from '../../answers';

const PLACE = 'https://ecs.example.com p1';
const REFUSED = answered(401, gateway('APIGW.0301', 'Incorrect IAM authentication information'));

let now = 0;
let refusals: Refusals;
beforeEach(() => {
	now = 0;
	refusals = new Refusals(() => now);
});

test('before any refusal such a call is sent', () => {
	expect(notSentAside(refusals, PLACE)).toBeUndefined();
});

describe('once such a call is refused', () => {
	test('its answer is told to be of the call alone', () => {
		expect(learnAside(refusals, PLACE, REFUSED)).toEqual({ ...REFUSED, ofCall: true });
	});

	test('the next one is not sent, and fails for the reason of the first, of the call alone', () => {
		learnAside(refusals, PLACE, REFUSED);
		expect(notSentAside(refusals, PLACE)).toMatchObject({
			kind: 'lost',
			sent: false,
			ofCall: true,
			refusal: { reason: 'unauthorized', final: true, fault: { code: 'APIGW.0301' } },
		});
	});

	test("Nova's calls go on", () => {
		learnAside(refusals, PLACE, REFUSED);
		expect(refusals.standing(PLACE)).toBeUndefined();
	});

	test('in however many projects, a new one is still tried', () => {
		for (const project of ['p1', 'p2', 'p3']) learnAside(refusals, project, REFUSED);
		expect(notSentAside(refusals, 'p4')).toBeUndefined();
		expect(refusals.standing('p4')).toBeUndefined();
	});

	test('it is tried again after 10 minutes', () => {
		learnAside(refusals, PLACE, REFUSED);
		now = 10 * 60_000 - 1;
		expect(notSentAside(refusals, PLACE)).toBeDefined();
		now += 1;
		expect(notSentAside(refusals, PLACE)).toBeUndefined();
	});

	test('it is tried again where its place is forgotten', () => {
		learnAside(refusals, PLACE, REFUSED);
		refusals.forget(asideOf(PLACE));
		expect(notSentAside(refusals, PLACE)).toBeUndefined();
	});
});

test("what Nova has refused is no refusal of such a call's own", () => {
	refusals.note(PLACE, { message: '' }, 'place');
	expect(notSentAside(refusals, PLACE)).toBeUndefined();
});
