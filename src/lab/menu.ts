import type { ServerChannel } from 'ssh2';

const MENU = '\r\n*** Welcome to the simulated firewall ***\r\n 0) Logout    8) Shell\r\n';
const PROMPT = 'Enter an option: ';

/** What a person sees who logs in without a command, as with pfSense's console menu: an empty line ends it. */
export function serveMenu(channel: ServerChannel): void {
  channel.on('error', () => undefined);
  channel.write(MENU + PROMPT);
  let line = '';
  channel.on('data', (chunk: Buffer) => {
    line += chunk.toString('latin1').slice(0, 100);
    if (!/[\r\n]/.test(line)) return;
    const option = line.trim();
    line = '';
    if (option !== '' && option !== '0') {
      channel.write(`Not simulated.\r\n${PROMPT}`);
      return;
    }
    channel.exit(0);
    channel.end();
  });
}
