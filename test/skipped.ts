// A reporter for vitest: writes down which tests were skipped and why, for test/run.ts.

import { writeFileSync } from 'node:fs'
import type { Reporter, TestModule } from 'vitest/node'

export type Skipped = { test: string; reason: string }

/** Under this name test/run.ts tells where to write. */
export const SKIPPED_FILE = 'DOWNFIELD_TEST_SKIPPED'

export default class SkippedReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const file = process.env[SKIPPED_FILE]
    if (!file) return
    const skipped: Skipped[] = []
    for (const module of modules) {
      for (const test of module.children.allTests()) {
        const result = test.result()
        if (result.state !== 'skipped') continue
        // With -t only what is asked for runs; what is passed over by that is not skipped.
        if (result.note === undefined && process.env.DOWNFIELD_TEST_NAMED) continue
        skipped.push({
          test: `${module.project.name} ${module.relativeModuleId} > ${test.fullName}`,
          reason: result.note ?? '',
        })
      }
    }
    writeFileSync(file, JSON.stringify(skipped))
  }
}
