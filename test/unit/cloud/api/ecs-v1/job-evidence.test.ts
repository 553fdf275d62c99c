import { readJobEvidence } from '../../../../../nodes/cloud/api/ecs-v1/job-evidence';
import { answered, lost, notSent, refusal } from '../../../answers';

const ID = 'bac642b0-a9ca-4a13-b6b9-9e41b35905b6';
const asked = { serverId: ID, jobId: 'ff80', requestId: 'r1', novaName: 'reboot', opposites: [] };

/** As recorded of a batch of one in ap-southeast-1: the job ended 8 s after its only part. */
const job = (part: object = {}, whole: object = {}) => ({
	job_id: 'ff8080829585af7f0195c1e776d9475c',
	job_type: 'serversAction',
	begin_time: '2025-03-23T07:28:46.807Z',
	end_time: '2025-03-23T07:29:27.897Z',
	status: 'SUCCESS',
	error_code: null,
	fail_reason: null,
	entities: {
		sub_jobs_total: 1,
		sub_jobs: [
			{
				job_id: 'ff8080829585af7f0195c1e7772e475f',
				job_type: 'serverActions',
				begin_time: '2025-03-23T07:28:46.894Z',
				end_time: '2025-03-23T07:29:19.585Z',
				status: 'SUCCESS',
				error_code: null,
				fail_reason: null,
				entities: { server_id: ID },
				...part,
			},
		],
	},
	...whole,
});
const read = (body: unknown, date?: string) =>
	readJobEvidence({ ...answered(200, body), headers: date ? { date } : {} }, asked);

test('a part that succeeded is a record of an action that has worked', () => {
	expect(read(job(), 'Sun, 23 Mar 2025 07:29:20 GMT')).toEqual({
		word: 'recorded',
		requestId: 'r1',
		jobDone: true,
	});
});

test('it is so before the job itself has ended', () => {
	expect(read(job({}, { status: 'RUNNING', end_time: '' }))).toMatchObject({ word: 'recorded' });
});

test('a part that ended half a minute ago has left the server in a state that it is not in any more', () => {
	expect(read(job(), 'Sun, 23 Mar 2025 07:29:49 GMT')).toMatchObject({ word: 'recorded' });
	expect(read(job(), 'Sun, 23 Mar 2025 07:29:50 GMT')).toEqual({ word: 'undone' });
});

test('it is known by its ID in whatever case the cloud writes it', () => {
	const upper = job({ entities: { server_id: ID.toUpperCase() } });
	expect(read(upper, 'Sun, 23 Mar 2025 07:29:50 GMT')).toEqual({ word: 'undone' });
});

test('a part under way is no record yet', () => {
	const running = job({ status: 'RUNNING', end_time: '' }, { status: 'RUNNING', end_time: '' });
	expect(read(running)).toEqual({ word: 'absent' });
});

test('a part that failed says why', () => {
	const failed = job(
		{ status: 'FAIL', error_code: 'Ecs.0605', fail_reason: 'The server is locked.' },
		{ status: 'FAIL' },
	);
	expect(read(failed)).toMatchObject({
		word: 'failedInJob',
		fault: { code: 'Ecs.0605', message: 'The server is locked.' },
	});
});

test('a job that is gone, or says nothing of the server, keeps no record', () => {
	const gone = answered(400, { code: 'Common.0011', message: 'The job ID is invalid.' });
	expect(readJobEvidence(gone, asked)).toEqual({ word: 'noRecords' });
	expect(read(job({ entities: { server_id: 'other' } }))).toEqual({ word: 'noRecords' });
});

test('a job that could not be read may tell later', () => {
	expect(readJobEvidence(lost('ECONNRESET'), asked)).toEqual({ word: 'unread' });
	expect(readJobEvidence(answered(503, ''), asked)).toEqual({ word: 'unread' });
});

describe('a credential that is refused', () => {
	test.each([
		['by the cloud', answered(401)],
		['before', refusal('unauthorized', true)],
		['so that nothing is sent any more', { ...notSent('unauthorized'), final: true as const }],
	])('%s, proves nothing of the server', (_, answer) => {
		expect(readJobEvidence(answer, asked)).toEqual({ word: 'unread' });
	});

	test.each([
		['by the cloud', answered(401)],
		['before', refusal('unauthorized', true)],
	])('%s, at jobs alone shows no records', (_, answer) => {
		const ofCall = { ...answer, ofCall: true as const };
		expect(readJobEvidence(ofCall, asked)).toEqual({ word: 'noRecords' });
	});
});
