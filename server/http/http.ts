/** The one door to node:http. As an import Node would also load all of its fetch, for a name of the module that nobody asks for. */
export const { createServer, METHODS, STATUS_CODES } = process.getBuiltinModule('node:http');
