// Reads one entity with Microsoft's own client: node read.mjs <connection string> <table> <partition> <row>
import { TableClient } from '@azure/data-tables';

const [connection, table, partition, row] = process.argv.slice(2);
const client = TableClient.fromConnectionString(connection, table, { allowInsecureConnection: true });
const entity = await client.getEntity(partition, row, { disableTypeConversion: true });
console.log(JSON.stringify(entity, (_, value) => (typeof value === 'bigint' ? `${value}` : value)));
