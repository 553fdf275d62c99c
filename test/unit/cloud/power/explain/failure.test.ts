import { START } from '../../../../../nodes/cloud/power/actions/start';
import {
	didNot,
	doingWords,
	failure,
	it as itself,
} from '../../../../../nodes/cloud/power/explain/failure';
import { newJourney } from '../../../../../nodes/cloud/power/journey';
import { ID, RULES } from '../story';

const RULES_OF_START = { ...RULES, action: START };
const server = { id: ID, name: 'web-1', status: 'ACTIVE', poweredOff: false };
const journey = { ...newJourney(ID, true), seen: server };
const fault = { message: 'no such device', httpStatus: 500, code: 'x', requestId: 'req-2' };

describe('a server is named as far as it is known', () => {
	const named = (one: typeof journey | ReturnType<typeof newJourney>) =>
		failure(one, 'locked', itself('is locked'), {});

	test('by its ID alone', () => {
		const { message, server: about } = named(newJourney(ID, true));
		expect(message).toBe(`Server ${ID} is locked`);
		expect(about).toEqual({ id: ID });
	});

	test('by the name by which it was looked up', () => {
		const { message, server: about } = named(newJourney(ID, true, 0, 'db-1'));
		expect(message).toBe(`Server 'db-1' (${ID}) is locked`);
		expect(about).toEqual({ id: ID, name: 'db-1' });
	});

	test('by the name that it was seen to have, which is newer', () => {
		const { message } = named({ ...journey, name: 'db-1' });
		expect(message).toBe(`Server 'web-1' (${ID}) is locked`);
	});
});

test('why is told without the server, so that it holds for others', () => {
	const words = didNot(RULES_OF_START, 'it is locked', ' because ');
	expect(failure(journey, 'locked', words, {})).toMatchObject({
		message: `Server 'web-1' (${ID}) did not start because it is locked`,
		why: 'it is locked',
	});
	expect(failure(journey, 'notFound', itself('was not found'), {}).why).toBe('it was not found');
});

test('a failure has the fields of its fault, and quotes it before what else is to be said', () => {
	expect(failure(journey, 'unavailable', itself('failed'), { fault, end: 'So it is' })).toEqual({
		reason: 'unavailable',
		message: `Server 'web-1' (${ID}) failed: no such device (HTTP 500, x). So it is`,
		why: 'it failed: no such device (HTTP 500, x). So it is',
		hint: '',
		server: { id: ID, name: 'web-1' },
		httpStatus: 500,
		code: 'x',
		requestId: 'req-2',
		status: 'ACTIVE',
	});
});

test('a failure does not quote what would only repeat it', () => {
	const { message } = failure(journey, 'locked', itself('is locked'), { fault, quote: false });
	expect(message).toBe(`Server 'web-1' (${ID}) is locked`);
});

test.each([
	[{ ...server, task: 'powering-off' }, 'being stopped'],
	[{ ...server, status: 'HARD_REBOOT' }, 'being restarted'],
	[{ ...server, poweredOff: true }, 'ACTIVE although its guest is powered off'],
	[{ ...server, status: 'BUILD', task: 'spawning' }, 'busy (BUILD, spawning)'],
	[{ ...server, status: 'FROZEN' }, 'busy (FROZEN, a status that this node does not know)'],
	[undefined, 'in an unknown state'],
])('what keeps a server from being started: %j', (seen, words) => {
	expect(doingWords(seen, RULES_OF_START)).toBe(words);
});
