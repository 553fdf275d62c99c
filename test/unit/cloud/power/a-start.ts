/** A start, and what it can meet on its way. */
import type { Rules } from '../../../../nodes/cloud/power/journey';
import { answered, lost, nova } from '../../answers';
import { ID, Story } from './story';

export const ACCEPTED = answered(202, '', { 'x-compute-request-id': 'req-1' });
export const CONFLICT = answered(409, nova(409, 'conflictingRequest', "Cannot 'start' instance"));
export const LOCKED = answered(409, nova(409, 'conflictingRequest', `Instance ${ID} is locked`));
export const LOST = lost('ECONNRESET', true, 'socket hang up');
export const SLOW_DOWN = answered(429, nova(429, 'overLimit', 'This request was rate-limited.'));
/** Slow down, and when to come back. */
export const COME_BACK = answered(429, nova(429, 'overLimit'), { 'retry-after': '2' });

export const NO_RECORDS = { word: 'noRecords' } as const;
export const ABSENT = { word: 'absent' } as const;
export const RECORDED = { word: 'recorded', requestId: 'req-1' } as const;
export const DONE_IN_JOB = { ...RECORDED, jobDone: true } as const;

export const POWERING_ON = { task: 'powering-on' };
export const POWERING_OFF = { task: 'powering-off' };

export const begin = (rules?: Partial<Rules>) => new Story(rules);
export const withoutWaiting = (rules?: Partial<Rules>) => new Story(rules, false);
