// Runs Azurite's table service with the command line given, and besides: prints the port that it got, ends tidily when told to stop,
// and dies with the process that started it (whose end closes standard input).
const net = require('node:net');

const listen = net.Server.prototype.listen;
net.Server.prototype.listen = function (...args) {
  this.once('listening', () => console.log(`port ${this.address().port}`));
  return listen.apply(this, args);
};
process.stdin.on('data', () => process.emit('SIGINT'));
process.stdin.on('end', () => process.exit(0));
require('azurite/dist/src/table/main.js');
