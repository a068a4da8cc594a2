/** The language as JSON Schema, for editors that complete and check YAML. */
import { z } from 'zod';
import { descriptions, type Json } from './kinds.ts';
import { scenario } from './schema.ts';

/** A JSON Schema (2020-12) of scenario files. What concerns several parts at once is beyond it. */
export function scenarioJsonSchema(): Json {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'nvme-conform scenario',
    ...describe(scenario),
  };
}

function describe(schema: z.ZodType): Json {
  const { $schema: _, ...json } = z.toJSONSchema(schema, {
    io: 'input',
    unrepresentable: 'any',
    override: ({ zodSchema, jsonSchema }) => {
      const description = descriptions.get(zodSchema);
      if (description !== undefined) Object.assign(jsonSchema, description(describe));
    },
  });
  return json;
}
