import { isSystemEvent } from '../../../../nodes/cloud/alarms/system-events';

it.each([
	'VMFaultsByHostProcessExceptions',
	'faultPowerOn',
	'faultAutoRecovery',
	'hostMayCrash',
	'startAutoRecovery',
	'endAutoRecovery',
	'RestartGuestOS',
	'stopServer',
	'rebootServer',
	'deleteServer',
	'resizeServer',
])('%s is an event of a server', (id) => {
	expect(isSystemEvent(id)).toBe(true);
});

it.each(['stop', 'reboot', 'redeploy', 'migrate'])('so is each stage of a planned %s', (work) => {
	const stages = ['inquiring', 'scheduled', 'executing', 'completed', 'failed', 'canceled'];
	const ids = stages.map((stage) => `instance_${work}_${stage}`);
	expect(ids.filter(isSystemEvent)).toEqual(ids);
});

it.each([
	['nothing', ''],
	['a metric', 'cpu_util'],
	['an event of another service', 'deleteVolume'],
	['the same in other letters', 'STOPSERVER'],
	['one with something before it', 'batchStopServer'],
	['work that is not planned for servers', 'instance_resize_scheduled'],
	['work at no stage', 'instance_stop_'],
	['a stage with something behind it', 'instance_stop_scheduled_2'],
	['a stage with something before it', 'my_instance_stop_scheduled'],
])('%s is none', (_what, id) => {
	expect(isSystemEvent(id)).toBe(false);
});
