import { START } from '../../../../../nodes/cloud/power/actions/start';
import { doingWords, failure, labelOf } from '../../../../../nodes/cloud/power/explain/failure';
import { newJourney } from '../../../../../nodes/cloud/power/journey';
import { ID, RULES } from '../story';

const RULES_OF_START = { ...RULES, action: START };
const server = { id: ID, name: 'web-1', status: 'ACTIVE', poweredOff: false };
const journey = { ...newJourney(ID, true), seen: server };
const fault = { message: 'no such device', httpStatus: 500, code: 'x', requestId: 'req-2' };

test('a server is named as far as it is known', () => {
	expect(labelOf(journey)).toBe(`Server 'web-1' (${ID})`);
	expect(labelOf(newJourney(ID, true))).toBe(`Server ${ID}`);
});

test('a failure has the fields of its fault, and quotes it before what else is to be said', () => {
	expect(failure(journey, 'unavailable', 'It failed', { fault, end: 'So it is' })).toEqual({
		reason: 'unavailable',
		message: 'It failed: no such device (HTTP 500, x). So it is',
		hint: '',
		httpStatus: 500,
		code: 'x',
		requestId: 'req-2',
		status: 'ACTIVE',
	});
});

test('a failure does not quote what would only repeat it', () => {
	expect(failure(journey, 'locked', 'It is locked', { fault, quote: false }).message).toBe(
		'It is locked',
	);
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
