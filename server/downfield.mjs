#!/usr/bin/env node
// The `downfield` command (package.json "bin").
import './start.mjs'
