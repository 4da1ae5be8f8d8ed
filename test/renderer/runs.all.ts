/** The same on the other hosts, and with more runs. */
import './runs.test.ts'
