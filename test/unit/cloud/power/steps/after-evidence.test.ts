import { restart } from '../../../../../nodes/cloud/power/actions/restart';
import { stop } from '../../../../../nodes/cloud/power/actions/stop';
import { START } from '../../../../../nodes/cloud/power/actions/start';
import { ABSENT, ACCEPTED } from '../a-start';
import { Story } from '../story';

const ACTIONS = [
	['start', START, 'SHUTOFF'],
	['stop', stop(false), 'ACTIVE'],
	['restart', restart(false), 'ACTIVE'],
] as const;

test.each(ACTIONS)('a %s that is on record as failed has failed', (_, action, status) => {
	const story = new Story({ action }).asked(ACCEPTED).after(10).seen(status);
	const { failure } = story.recorded({ word: 'failed', message: 'host is down' });
	expect(failure.reason).toBe(action.failed);
	expect(failure.message).toContain('host is down');
});

test.each(ACTIONS)('a %s that is not on record may still begin', (_, action, status) => {
	const story = new Story({ action }).asked(ACCEPTED).after(10).seen(status);
	expect(story.recorded(ABSENT).next).toBe('look later');
});
