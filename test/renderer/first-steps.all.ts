/** The same on the other hosts. */
import './first-steps.test.ts'
