// One process for all tests of the template, so that the compiler starts once.
import './template/compiling.js';
import './template/naming.js';
import './template/regions.js';
import './template/resources.js';
import './template/roles.js';
import './template/origin.js';
import './template/settings.js';
import './template/shares.js';
import './template/tables.js';
import './template/parameters.js';
