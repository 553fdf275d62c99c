const MAINTENANCE =
	/^instance_(?:stop|reboot|redeploy|migrate)_(?:inquiring|scheduled|executing|completed|failed|canceled)$/;

/** Events of servers (Open Telekom Cloud, Cloud Eye User Guide, "Events Supported by Event Monitoring"). */
const EVENTS: ReadonlySet<string> = new Set([
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
]);

/** Whether this is the ID of an event that Cloud Eye raises for servers. */
export function isSystemEvent(id: string): boolean {
	return EVENTS.has(id) || MAINTENANCE.test(id);
}
