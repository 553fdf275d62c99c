import { reasonOfJobFault } from '../../../../nodes/cloud/api/refusal-rules';

test.each([
	['Ecs.0100', '', 'wrongState'],
	['Ecs.0319', '', 'quotaExceeded'],
	['Ecs.0603', '', 'busy'],
	['Ecs.9999', 'Quota exceeded', 'quotaExceeded'],
	['Ecs.9999', '', undefined],
])('a job that failed with %s, %j: %s', (code, message, reason) => {
	expect(reasonOfJobFault({ code, message })).toBe(reason);
});
