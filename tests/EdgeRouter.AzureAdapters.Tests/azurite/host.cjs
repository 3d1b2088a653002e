// Runs Azurite's table service, or its blob service when a --blobPort is given, with the command line given, and besides: prints the port that it got,
// and ends tidily, with all that it holds saved, when told to stop, when terminated,
// and with the process that started it (whose end closes standard input).
const net = require('node:net');

const listen = net.Server.prototype.listen;
net.Server.prototype.listen = function (...args) {
  this.once('listening', () => console.log(`port ${this.address().port}`));
  return listen.apply(this, args);
};
const stop = () => {
  // Azurite's own handler closes its server, then saves.
  process.emit('SIGINT');
  // Whoever keeps a connection open does not keep it alive.
  setTimeout(() => process.exit(0), 5000).unref();
};
process.stdin.on('data', stop);
process.stdin.on('end', stop);
process.on('SIGTERM', stop);
require(`azurite/dist/src/${process.argv.includes('--blobPort') ? 'blob' : 'table'}/main.js`);
