/** Failures in words that hold for a trigger. */
import { notSentAfter } from '../../../nodes/cloud/access/refusals';
import { explainRead } from '../../../nodes/cloud/servers/explain';
import { told } from '../../../nodes/ElasticCloudServerTrigger/told';

const RESTS = /30 minutes after it was refused, or at once when it is changed or the workflow/;

const listFailed = (reason: Parameters<typeof explainRead>[1]['reason']) =>
	explainRead('The list of servers', {
		kind: 'unread',
		reason,
		fault: { message: '' },
		final: false,
	});

test('while active, a refused credential rests for 30 minutes', () => {
	const { hint } = told(listFailed('unauthorized'), true);

	expect(hint).toMatch(/^Get a new token .*\. The trigger tries/);
	expect(hint).toMatch(RESTS);
});

test('one that was refused before rests for the 30 minutes of the trigger, not for 10', () => {
	const { refusal } = notSentAfter({
		reason: 'unauthorized',
		fault: { message: '' },
		at: 0,
		date: 0,
	});
	if (!refusal) throw new Error('Nothing was refused');
	const { hint } = told(explainRead('The list of servers', { kind: 'unread', ...refusal }), true);

	expect(hint).toMatch(RESTS);
	expect(hint).not.toContain('10 minutes');
});

test('at activation nothing is said of later', () => {
	expect(told(listFailed('unauthorized'), false).hint).not.toMatch(RESTS);
});

test.each(['throttled', 'timedOut', 'unavailable'] as const)(
	'%s names no option that a trigger does not have',
	(reason) => {
		expect(told(listFailed(reason), true).hint).toMatch(/^n8n polls again by itself/);
		expect(told(listFailed(reason), false).hint).toMatch(/^Try this again later/);
	},
);

test('what somebody must mend keeps its hint', () => {
	const failure = listFailed('forbidden');

	expect(told(failure, true)).toEqual(failure);
});

test('no word keeps n8n from trying again', () => {
	const failure = { reason: 'forbidden', message: 'Authorization', hint: 'authorization' } as const;

	expect(told(failure, true)).toMatchObject({ message: 'authorisation', hint: 'authorisation' });
});
