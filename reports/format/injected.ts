import type { Injected } from '../../harness/contracts/options.ts'
import { formatShare, formatValue } from './format.ts'

/** `5 %`; `7.31 ms per flush`: as it was measured, since dm-delay makes of what it is asked for whole ticks of the kernel. */
export function formatInjected(injected: Injected): string {
  if (typeof injected === 'number') return formatShare(injected)
  const { flush, measured } = injected
  return measured === null
    ? `${formatValue(flush, 's')} per flush asked for`
    : `${formatValue(measured, 's')} per flush`
}
